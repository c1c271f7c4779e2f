select json_build_object('viewer', json_build_object('id', app.key('usr', u.id), 'name', u.name)) from app_user u where u.id = $2 and $1::uuid is not null
